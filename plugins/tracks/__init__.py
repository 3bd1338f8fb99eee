"""Vehicle tracks 车辆轨迹: where the district's vehicles are and were."""
